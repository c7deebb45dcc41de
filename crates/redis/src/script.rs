//! Lua scripts: sent by their hash, and with their text to a server that does not know it.

use redis::{Cmd, Script, ToRedisArgs};
use std::sync::LazyLock;

/// A script of this crate.
pub(crate) struct Lua {
    text: &'static str,
    hash: String,
}

impl Lua {
    fn new(text: &'static str) -> Self {
        Self { text, hash: Script::new(text).get_hash().to_owned() }
    }
}

macro_rules! scripts {
    ($($name:ident = $($file:literal)+;)+) => {$(
        pub(crate) static $name: LazyLock<Lua> =
            LazyLock::new(|| Lua::new(concat!($(include_str!(concat!("scripts/", $file))),+)));
    )+};
}

scripts! {
    CART_LOAD = "cart_load.lua";
    CART_SAVE = "cart_save.lua";
    CART_DELETE = "cart_delete.lua";
    CLOCK = "clock.lua";
    LIMIT_TAKE = "limit_take.lua";
    LIMIT_GIVE_BACK = "limit_give_back.lua";
    INDEX_BEGIN = "index_begin.lua";
    INDEX_FORGET = "index_forget.lua";
    STOCK_HOLD = "ledger.lua" "stock_hold.lua";
    STOCK_SETTLE = "ledger.lua" "stock_settle.lua";
    STOCK_DROP = "ledger.lua" "stock_drop.lua";
    STOCK_EXTEND = "ledger.lua" "stock_extend.lua";
    STOCK_LEARN = "ledger.lua" "stock_learn.lua";
    STOCK_HELD = "ledger.lua" "stock_held.lua";
}

/// One call of a script, with its keys and arguments. It may be sent again: every script does the same once as twice,
/// but those of limits, which then count twice: too strict once in a while, and never too lax.
pub(crate) struct Call {
    lua: &'static Lua,
    keys: Vec<String>,
    args: Vec<Vec<u8>>,
}

impl Call {
    pub(crate) fn new(lua: &'static Lua, keys: impl IntoIterator<Item = String>) -> Self {
        Self { lua, keys: keys.into_iter().collect(), args: Vec::new() }
    }

    pub(crate) fn arg(mut self, arg: impl ToRedisArgs) -> Self {
        arg.write_redis_args(&mut self.args);
        self
    }

    pub(crate) fn by_hash(&self) -> Cmd {
        self.command("EVALSHA", &self.lua.hash)
    }

    /// With its text, which the server remembers. Unlike `SCRIPT LOAD` it goes to the node of the keys alone, so that a script
    /// can be taught while another node is down.
    pub(crate) fn by_text(&self) -> Cmd {
        self.command("EVAL", self.lua.text)
    }

    fn command(&self, verb: &str, script: &str) -> Cmd {
        let mut command = redis::cmd(verb);
        command.arg(script).arg(self.keys.len()).arg(&self.keys).arg(&self.args);
        command
    }
}
