//! Texts as they are compared: for sorting, and for searching.

/// The most characters of a text that count when sorting.
const KEY: usize = 255;
/// The most characters of a word that count when searching.
const TERM: usize = 64;

/// What a text is sorted and looked up by: without regard to letter case, cut to 255 characters.
pub fn fold_key(text: &str) -> String {
    // Postgres takes no NUL, not even to look for it.
    let mut key = text.trim().to_lowercase();
    key.retain(|c| c != '\0');
    if let Some((end, _)) = key.char_indices().nth(KEY) {
        key.truncate(end);
    }
    key
}

/// The words of a text as they are searched for: lower-case, without accents, letters and digits only, each at most 64
/// characters. `Crème-Brûlée 200g` has `creme`, `brulee` and `200g`.
pub fn search_terms(text: &str) -> impl Iterator<Item = String> {
    // A slug is ASCII words with hyphens between.
    let slug = slug::slugify(text);
    let mut terms: Vec<String> = slug.split('-').filter(|t| !t.is_empty()).map(str::to_owned).collect();
    for term in &mut terms {
        term.truncate(TERM);
    }
    terms.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letter_case_and_length_do_not_matter_to_a_key() {
        assert_eq!(fold_key(" ÄPFEL "), "äpfel");
        assert_eq!(fold_key(&"é".repeat(300)).chars().count(), 255);
        assert_eq!(fold_key("a\0b"), "ab");
    }

    #[test]
    fn words_lose_case_accents_and_punctuation() {
        assert_eq!(search_terms("Crème-Brûlée, 200g!").collect::<Vec<_>>(), ["creme", "brulee", "200g"]);
        assert_eq!(search_terms(" … ").count(), 0);
        assert_eq!(search_terms(&"x".repeat(100)).next().unwrap().len(), 64);
    }
}
