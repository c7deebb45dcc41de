//! PUBLISH and SUBSCRIBE. On a cluster every node hears what is published on any, so one connection to one node is enough.

use crate::{
    Redis,
    config::{InvalidRedisConfig, RedisConfig},
};
use async_trait::async_trait;
use futures_util::StreamExt;
use redis::{Client, aio::PubSubStream, cmd};
use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};
use stoa_live::{Carrier, Line, LineError};
use tokio::time::timeout;

/// Carries live events by a Redis. Nothing is kept: an event that nobody listens to leaves no trace.
pub struct RedisCarrier {
    redis: Redis,
    servers: Vec<Client>,
    /// At which server the next connection is tried first: not at the one that was just lost.
    next: AtomicUsize,
    channel: String,
    patience: Duration,
}

impl RedisCarrier {
    /// Prepares a connection of its own for listening, beside the one it tells on.
    ///
    /// # Errors
    /// The servers cannot be used as configured. One that is down is no error.
    pub fn new(config: &RedisConfig, redis: &Redis) -> Result<Self, InvalidRedisConfig> {
        let servers = config.servers().iter().cloned().map(Client::open).collect::<Result<Vec<_>, _>>();
        Ok(Self {
            redis: redis.clone(),
            // Of the error only the sentence that cannot quote a URL.
            servers: servers.map_err(|e| InvalidRedisConfig::Servers(e.category().to_owned()))?,
            next: AtomicUsize::new(0),
            channel: redis.keys().events(),
            patience: config.timeouts.connect,
        })
    }

    async fn subscribe(&self, server: &Client) -> Result<Box<dyn Line>, LineError> {
        let mut pubsub = server.get_async_pubsub().await?;
        pubsub.subscribe(&self.channel).await?;
        Ok(Box::new(RedisLine(pubsub.into_on_message())))
    }
}

#[async_trait]
impl Carrier for RedisCarrier {
    fn name(&self) -> &'static str {
        "redis"
    }

    async fn listen(&self) -> Result<Box<dyn Line>, LineError> {
        let first = self.next.fetch_add(1, Ordering::Relaxed);
        let mut last: LineError = "no server".into();
        for at in 0..self.servers.len() {
            let server = &self.servers[(first + at) % self.servers.len()];
            match timeout(self.patience, self.subscribe(server)).await {
                Ok(Ok(line)) => return Ok(line),
                Ok(Err(error)) => last = error,
                Err(late) => last = late.into(),
            }
        }
        Err(last)
    }

    async fn send(&self, text: &str) -> Result<(), LineError> {
        let publish = cmd("PUBLISH").arg(&self.channel).arg(text).to_owned();
        self.redis.query::<redis::Value>("events.publish", &publish).await?;
        Ok(())
    }
}

struct RedisLine(PubSubStream);

#[async_trait]
impl Line for RedisLine {
    async fn next(&mut self) -> Result<String, LineError> {
        let message = self.0.next().await.ok_or("the connection was lost")?;
        Ok(message.get_payload()?)
    }
}
