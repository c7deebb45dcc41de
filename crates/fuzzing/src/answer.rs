//! What the shop has answered, and what it never may.

use serde_json::Value;

/// Codes that tell of a fault of ours. Nothing that anybody sends brings one about.
const FAULTS: [&str; 4] = ["INTERNAL", "SERVICE_UNAVAILABLE", "NOT_APPLIED", "TIMEOUT"];

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// Panics if the answer tells of a fault, by its status or by an error in it.
    pub(crate) fn is_no_fault(&self) {
        assert!(self.status < 500, "{}: {}", self.status, self.text());
        let faults: Vec<String> =
            self.codes().into_iter().filter(|code| FAULTS.contains(&code.as_str())).collect();
        assert!(faults.is_empty(), "{}: {}", self.status, self.text());
    }

    /// The code of the first error; empty if there is none.
    pub(crate) fn code(&self) -> String {
        self.codes().into_iter().next().unwrap_or_default()
    }

    /// The codes of all errors, of a batch as well; none of what is not JSON.
    fn codes(&self) -> Vec<String> {
        let body: Value = serde_json::from_slice(&self.body).unwrap_or_default();
        let answers = match &body {
            Value::Array(batch) => batch.iter().collect(),
            one => vec![one],
        };
        let errors = answers.into_iter().filter_map(|answer| answer["errors"].as_array()).flatten();
        errors.filter_map(|error| error["extensions"]["code"].as_str()).map(str::to_owned).collect()
    }

    /// The body, as far as it is text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_a_fault(status: u16, body: &str) -> bool {
        let answer = Answer { status, body: body.as_bytes().to_vec() };
        std::panic::catch_unwind(|| answer.is_no_fault()).is_err()
    }

    #[test]
    fn a_fault_is_noticed_wherever_it_stands() {
        let fault = r#"{"errors":[{"message":"x","extensions":{"code":"BAD_USER_INPUT"}},{"message":"internal error","extensions":{"code":"INTERNAL"}}]}"#;
        assert!(is_a_fault(500, ""));
        assert!(is_a_fault(503, "{}"));
        assert!(is_a_fault(200, fault));
        assert!(is_a_fault(200, &format!("[{{\"data\":null}},{fault}]")));
    }

    #[test]
    fn what_a_client_did_wrong_is_none() {
        assert!(!is_a_fault(200, r#"{"data":{"shop":{"name":"INTERNAL"}}}"#));
        assert!(!is_a_fault(
            400,
            r#"{"errors":[{"message":"INTERNAL","extensions":{"code":"BAD_REQUEST"}}]}"#
        ));
        assert!(!is_a_fault(404, "no JSON"));
    }
}
