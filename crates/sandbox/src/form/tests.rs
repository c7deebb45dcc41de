//! Form decoding: nesting, lists, and what is refused.

use super::{FormError, Node, Params, canonical, parse};

fn text(value: &str) -> Node {
    Node::Text(value.to_owned())
}

#[test]
fn brackets_nest_and_escapes_are_decoded() {
    let entries =
        parse(b"amount=1999&payment_method_data[card][number]=4242&metadata%5Border+id%5D=a%26b").unwrap();
    assert_eq!(
        entries,
        [
            ("amount".to_owned(), text("1999")),
            (
                "payment_method_data".to_owned(),
                Node::Branch(vec![(
                    "card".to_owned(),
                    Node::Branch(vec![("number".to_owned(), text("4242"))])
                )])
            ),
            ("metadata".to_owned(), Node::Branch(vec![("order id".to_owned(), text("a&b"))])),
        ]
    );
}

#[test]
fn a_list_reads_the_same_with_empty_and_with_numbered_brackets() {
    for body in ["expand[]=a&expand[]=b", "expand[0]=a&expand[1]=b"] {
        let entries = parse(body.as_bytes()).unwrap();
        assert_eq!(Params::new(&entries).list("expand").unwrap(), Some(vec!["a", "b"]), "{body}");
    }
}

#[test]
fn a_repeated_value_takes_the_last() {
    let entries = parse(b"amount=1&amount=2").unwrap();
    assert_eq!(Params::new(&entries).integer("amount").unwrap(), Some(2));
}

#[test]
fn what_is_no_set_of_parameters_is_refused() {
    assert_eq!(parse(b"a=1&a[b]=2"), Err(FormError::Conflict("a[b]".into())));
    assert_eq!(parse(b"a[b]=1&a=2"), Err(FormError::Conflict("a".into())));
    assert_eq!(parse(b"a[b=1"), Err(FormError::Brackets("a[b".into())));
    assert_eq!(parse(b"a]b=1"), Err(FormError::Brackets("a]b".into())));
    assert_eq!(parse(b"a[b]c=1"), Err(FormError::Brackets("a[b]c".into())));
    assert_eq!(parse(b"a[b[c]]=1"), Err(FormError::Brackets("a[b[c]]".into())));
    let deep = format!("a{}=1", "[b]".repeat(8));
    assert!(matches!(parse(deep.as_bytes()), Err(FormError::TooDeep(_))));
    assert_eq!(parse("a=1&".repeat(1_001).as_bytes()), Err(FormError::TooMany));
}

#[test]
fn the_canonical_form_forgets_order_and_list_style_only() {
    let first = canonical(&parse(b"b[x]=2&a=1&c[]=3").unwrap());
    let same = canonical(&parse(b"c[0]=3&a=1&b[x]=2").unwrap());
    let other = canonical(&parse(b"c[0]=3&a=1&b[x]=3").unwrap());
    assert_eq!(first, same);
    assert_ne!(first, other);
}

#[test]
fn unknown_and_misshapen_parameters_are_named() {
    let entries = parse(b"amount=ten&live=yes&card[pin]=1&name=").unwrap();
    let params = Params::new(&entries);
    let card = params.group("card").unwrap().unwrap();

    assert_eq!(card.only(&["number"]).unwrap_err().body()["error"]["param"], "card[pin]");
    assert_eq!(params.integer("amount").unwrap_err().body()["error"]["code"], "parameter_invalid_integer");
    assert_eq!(params.boolean("live").unwrap_err().body()["error"]["message"], "Invalid boolean: yes");
    assert_eq!(params.text("name").unwrap_err().body()["error"]["code"], "parameter_invalid_empty");
    assert_eq!(params.required("currency").unwrap_err().body()["error"]["code"], "parameter_missing");
}
