//! What has to be known of a step beside what it does: which programs can live with it, and what undoing it loses.

use sea_orm_migration::MigrationTrait;

/// A step, and what is said of it.
pub struct Step {
    migration: fn() -> Box<dyn MigrationTrait>,
    lives_with: Option<&'static str>,
    loses: Option<&'static str>,
}

impl Step {
    /// A step that no program can live with that does not know it, and whose undoing loses nothing.
    pub(crate) const fn new(migration: fn() -> Box<dyn MigrationTrait>) -> Self {
        Self { migration, lives_with: None, loses: None }
    }

    /// Programs that know the step of this name can live with this one, though they do not know it: what they read is where it
    /// was, what they write is whole without what is new.
    pub(crate) const fn lives_with(self, step: &'static str) -> Self {
        Self { lives_with: Some(step), ..self }
    }

    /// Undoing it loses this.
    pub(crate) const fn loses(self, what: &'static str) -> Self {
        Self { loses: Some(what), ..self }
    }

    pub(crate) fn migration(&self) -> Box<dyn MigrationTrait> {
        (self.migration)()
    }

    /// Its name, as the database has it.
    pub fn name(&self) -> String {
        self.migration().name().to_owned()
    }

    /// What is lost when it is undone.
    pub const fn lost(&self) -> Option<&'static str> {
        self.loses
    }

    /// What a program must know that can live with it.
    pub const fn companion(&self) -> Option<&'static str> {
        self.lives_with
    }
}
