//! Which document a request is about: what it sends, or what it names by a hash.

use std::sync::Arc;

use crate::{
    document::{PreparedDocument, Rules, prepare},
    error_code::ErrorCode,
    gql::{Inner, Params},
    persisted::PersistedQueries,
    refusal::Refusal,
    restrict::Caller,
    trusted::{Documents, not_trusted},
};

impl Inner {
    /// The prepared document that the parameters name, from the cache if possible.
    ///
    /// # Errors
    /// It is not there, not valid, or not for this caller.
    pub(crate) async fn document(
        &self,
        params: &Params,
        caller: Caller<'_>,
    ) -> Result<Arc<PreparedDocument>, Refusal> {
        if let Documents::Trusted(trusted) = &self.limits.documents {
            let text = trusted.find(params.query.as_deref(), params.hash.as_ref())?;
            // To who may not use what it names it is as if it were not on the list.
            return self.written_down(text, caller).await?.ok_or_else(not_trusted);
        }
        match (&params.query, &params.hash) {
            (Some(text), None) => self.prepared(text, caller).await,
            (Some(text), Some(hash)) => {
                PersistedQueries::verify(hash, text)?;
                let document = self.prepared(text, caller).await?;
                self.persisted.keep(*hash, text);
                Ok(document)
            }
            // What is kept was valid for who sent it. To who may not use what it names it is not valid, and such a document
            // is never kept.
            (None, Some(hash)) => {
                let text = self.persisted.find(hash)?;
                let found = self.written_down(&text, caller).await;
                found.ok().flatten().ok_or_else(PersistedQueries::not_found)
            }
            (None, None) => Err(Refusal::new(ErrorCode::BadRequest, "\"query\" is missing.")),
        }
    }

    /// The prepared document with this text, for code of this process.
    ///
    /// # Errors
    /// It is not valid, or not one of those that are trusted.
    pub(crate) async fn own_document(&self, text: &str) -> Result<Arc<PreparedDocument>, Refusal> {
        if let Documents::Trusted(trusted) = &self.limits.documents {
            trusted.check(text)?;
        }
        self.prepared(text, Caller::Ourselves).await
    }

    /// The prepared document with this text, from the cache if possible. The cache is everybody's, so what the document may
    /// not use is asked each time.
    async fn prepared(&self, text: &str, caller: Caller<'_>) -> Result<Arc<PreparedDocument>, Refusal> {
        if let Some(document) = self.documents.get(text)
            && document.touches.are_allowed(&self.restrictions, caller)
        {
            return Ok(document);
        }
        self.prepare(text, caller).await
    }

    /// The prepared document with this text, which was written down or kept beforehand; `None`: it names what is not there for this
    /// caller. It is prepared for us and once, whoever asks: nobody makes us look at it again and again by asking for what they may not
    /// use, and what is wrong with it is the same for everybody.
    async fn written_down(
        &self,
        text: &str,
        caller: Caller<'_>,
    ) -> Result<Option<Arc<PreparedDocument>>, Refusal> {
        let document = match self.documents.get(text) {
            Some(document) => document,
            None => self.prepare(text, Caller::Ourselves).await?,
        };
        Ok(document.touches.are_allowed(&self.restrictions, caller).then_some(document))
    }

    async fn prepare(&self, text: &str, caller: Caller<'_>) -> Result<Arc<PreparedDocument>, Refusal> {
        let document = Arc::new(prepare(text, self.rules(), caller).await?);
        self.documents.insert(text, Arc::clone(&document));
        Ok(document)
    }

    fn rules(&self) -> Rules<'_> {
        Rules {
            table: &self.table,
            validator: &*self.schemas.validator,
            limits: &self.limits,
            null_on_error: &self.null_on_error,
            restrictions: &self.restrictions,
            unpaged: &self.unpaged,
        }
    }
}
