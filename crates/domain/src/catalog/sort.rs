//! The orders in which lists of products and collections can be read.

/// How a list of the whole shop's products is sorted. Where two products are alike, their ids decide.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ProductSort {
    /// Most units sold first.
    BestSelling,
    /// Oldest first.
    CreatedAt,
    /// By id, which is by age as well.
    #[default]
    Id,
    /// Cheapest first, by the lowest price of the variants.
    Price,
    /// By product type, A to Z.
    ProductType,
    /// Best match of the searched words first; without any, as [`ProductSort::Id`].
    Relevance,
    /// A to Z.
    Title,
    /// Changed longest ago first.
    UpdatedAt,
    /// By vendor, A to Z.
    Vendor,
}

impl ProductSort {
    /// Every order.
    pub const ALL: [Self; 9] = [
        Self::BestSelling,
        Self::CreatedAt,
        Self::Id,
        Self::Price,
        Self::ProductType,
        Self::Relevance,
        Self::Title,
        Self::UpdatedAt,
        Self::Vendor,
    ];
}

/// How the products of a collection are sorted. Where two products are alike, their ids decide.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum CollectionProductSort {
    /// Most units sold first.
    BestSelling,
    /// In the collection's own default order.
    #[default]
    CollectionDefault,
    /// Oldest first.
    Created,
    /// By id, which is by age as well.
    Id,
    /// As the shop arranged them.
    Manual,
    /// Cheapest first, by the lowest price of the variants.
    Price,
    /// No words are searched for in a collection: as [`CollectionProductSort::CollectionDefault`].
    Relevance,
    /// A to Z.
    Title,
}

impl CollectionProductSort {
    /// Every order.
    pub const ALL: [Self; 8] = [
        Self::BestSelling,
        Self::CollectionDefault,
        Self::Created,
        Self::Id,
        Self::Manual,
        Self::Price,
        Self::Relevance,
        Self::Title,
    ];

    /// Its name in a database and in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::BestSelling => "best_selling",
            Self::CollectionDefault => "default",
            Self::Created => "created",
            Self::Id => "id",
            Self::Manual => "manual",
            Self::Price => "price",
            Self::Relevance => "relevance",
            Self::Title => "title",
        }
    }

    /// Reads a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sort| sort.name() == name)
    }

    /// The order meant in a collection whose default is `default`; a default that says nothing is the shop's own
    /// arrangement.
    #[must_use]
    pub const fn resolved(self, default: Self) -> Self {
        match self {
            Self::CollectionDefault | Self::Relevance => match default {
                Self::CollectionDefault | Self::Relevance => Self::Manual,
                other => other,
            },
            other => other,
        }
    }
}

/// How a list of collections is sorted. Where two are alike, their ids decide.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum CollectionSort {
    /// By id, which is by age as well.
    #[default]
    Id,
    /// No words are searched for by rank among collections: as [`CollectionSort::Id`].
    Relevance,
    /// A to Z.
    Title,
    /// Changed longest ago first.
    UpdatedAt,
}

impl CollectionSort {
    /// Every order.
    pub const ALL: [Self; 4] = [Self::Id, Self::Relevance, Self::Title, Self::UpdatedAt];
}
