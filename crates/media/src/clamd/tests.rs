//! What is made of a scanner's answers, and of their absence.

use super::*;
use proptest::prelude::*;
use stoa_domain::shared::FaultKind;
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

const LONG: Duration = Duration::from_secs(60);
const SHORT: Duration = Duration::from_millis(50);

/// A scanner that treats its one caller like this.
async fn scanner<F: Future<Output = ()> + Send>(
    patience: Duration,
    treat: impl FnOnce(TcpStream) -> F + Send + 'static,
) -> (Clamd, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = ClamdAddress::parse(&listener.local_addr().unwrap().to_string()).unwrap();
    let task = tokio::spawn(async move {
        let (line, _) = listener.accept().await.unwrap();
        treat(line).await;
    });
    (Clamd::new(address, patience), task)
}

/// Reads a file as clamd does.
async fn receive(line: &mut (impl AsyncRead + Unpin)) -> Vec<u8> {
    let mut command = [0; 10];
    line.read_exact(&mut command).await.unwrap();
    assert_eq!(&command, b"zINSTREAM\0");
    let mut file = Vec::new();
    loop {
        let length = line.read_u32().await.unwrap();
        if length == 0 {
            return file;
        }
        let before = file.len();
        file.resize(before + length as usize, 0);
        line.read_exact(&mut file[before..]).await.unwrap();
    }
}

fn file() -> Vec<u8> {
    (0..200_001_u32).map(|n| n.to_le_bytes()[0]).collect()
}

/// What is made of an answer to the whole file.
async fn answered(answer: &'static [u8]) -> Result<Verdict, Fault> {
    let (clamd, task) = scanner(LONG, move |mut line| async move {
        assert_eq!(receive(&mut line).await, file());
        line.write_all(answer).await.unwrap();
    })
    .await;
    let verdict = clamd.scan(&file()).await;
    task.await.unwrap();
    verdict
}

#[tokio::test]
async fn a_file_arrives_whole_and_the_answer_is_believed() {
    let found = |signature: &str| Verdict::Infected { signature: signature.to_owned() };
    assert_eq!(answered(b"stream: OK\0").await.unwrap(), Verdict::Clean);
    assert_eq!(
        answered(b"stream: Win.Test.EICAR_HDB-1 FOUND\0").await.unwrap(),
        found("Win.Test.EICAR_HDB-1")
    );
    assert_eq!(answered(b"INSTREAM size limit exceeded. ERROR\0").await.unwrap(), Verdict::TooLarge);
    // Somebody else's words are shown to people.
    assert_eq!(answered(b"stream: \x1B[2J<b>\xFF\n FOUND\0").await.unwrap(), found("?[2J<b>??"));
    assert_eq!(answered(b"stream: OK FOUND\0").await.unwrap(), found("OK"));
}

#[tokio::test]
async fn an_empty_file_is_a_file() {
    let (clamd, task) = scanner(LONG, |mut line| async move {
        assert_eq!(receive(&mut line).await, b"");
        line.write_all(b"stream: OK\0").await.unwrap();
    })
    .await;
    assert_eq!(clamd.scan(b"").await.unwrap(), Verdict::Clean);
    task.await.unwrap();
}

#[tokio::test]
async fn whatever_is_no_clear_answer_is_a_fault() {
    for answer in [
        b"".as_slice(),
        b"stream: OK",
        b"stream: OK\n",
        b"\0",
        b"stream: ok\0",
        b"stream: OK \0",
        b"stream: not OK\0",
        b"1: stream: OK\0",
        b"OK\0",
        b"UNKNOWN COMMAND\0",
        b"stream: Can't allocate memory ERROR\0",
        b"INSTREAM: Can't write to temporary file. ERROR\0",
        b"HTTP/1.1 200 OK\r\n\r\n",
    ] {
        let fault = answered(answer).await.expect_err(&String::from_utf8_lossy(answer));
        assert_eq!(fault.kind(), FaultKind::Unavailable);
    }
}

#[tokio::test]
async fn a_scanner_that_wants_no_more_of_a_file_need_not_read_it() {
    // More than the lines between hold, so that whoever only sends waits for ever.
    let file = vec![7; 32 * 1024 * 1024];
    let (clamd, task) = scanner(LONG, |mut line| async move {
        line.read_exact(&mut [0; 100_000]).await.unwrap();
        line.write_all(b"INSTREAM size limit exceeded. ERROR\0").await.unwrap();
        // It hangs up when it is told to.
        let _ = line.readable().await;
        std::future::pending::<()>().await;
    })
    .await;
    assert_eq!(clamd.scan(&file).await.unwrap(), Verdict::TooLarge);
    task.abort();
}

#[tokio::test]
async fn nothing_is_clean_before_it_was_sent() {
    let file = vec![7; 32 * 1024 * 1024];
    let (clamd, task) = scanner(LONG, |mut line| async move {
        line.write_all(b"stream: OK\0").await.unwrap();
        std::future::pending::<()>().await;
    })
    .await;
    assert!(clamd.scan(&file).await.is_err());
    task.abort();
}

#[tokio::test]
async fn a_scanner_that_ends_in_the_middle_is_a_fault() {
    let file = vec![7; 32 * 1024 * 1024];
    for read_first in [0, 100_000] {
        let (clamd, task) = scanner(LONG, move |mut line| async move {
            line.read_exact(&mut vec![0; read_first]).await.unwrap();
        })
        .await;
        assert!(clamd.scan(&file).await.is_err());
        task.await.unwrap();
    }
}

#[tokio::test]
async fn a_scanner_that_says_nothing_or_never_ends_is_a_fault() {
    let (silent, task) = scanner(SHORT, |mut line| async move {
        receive(&mut line).await;
        std::future::pending::<()>().await;
    })
    .await;
    assert!(silent.scan(b"a file").await.is_err());
    task.abort();

    let (deaf, task) = scanner(SHORT, |line| async move {
        let _kept = line;
        std::future::pending::<()>().await;
    })
    .await;
    assert!(deaf.scan(&vec![7; 32 * 1024 * 1024]).await.is_err());
    task.abort();

    let (endless, task) = scanner(LONG, |mut line| async move {
        receive(&mut line).await;
        while line.write_all(&[b'x'; 1_000]).await.is_ok() {}
    })
    .await;
    assert!(endless.scan(b"a file").await.is_err());
    task.await.unwrap();
}

#[tokio::test]
async fn a_scanner_that_is_not_there_is_a_fault() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = ClamdAddress::parse(&listener.local_addr().unwrap().to_string()).unwrap();
    drop(listener);
    let nobody = Clamd::new(address, LONG);
    assert_eq!(nobody.scan(b"a file").await.unwrap_err().kind(), FaultKind::Unavailable);
    assert!(nobody.ping().await.is_err());
}

#[tokio::test]
async fn a_scanner_is_asked_whether_it_is_there() {
    for (answer, is_there) in [(b"PONG\0".as_slice(), true), (b"PANG\0", false), (b"PONG", false)] {
        let (clamd, task) = scanner(LONG, move |mut line| async move {
            let mut command = [0; 6];
            line.read_exact(&mut command).await.unwrap();
            assert_eq!(&command, b"zPING\0");
            line.write_all(answer).await.unwrap();
        })
        .await;
        assert_eq!(clamd.ping().await.is_ok(), is_there);
        task.await.unwrap();
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_scanner_may_be_a_socket_of_this_machine() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("clamd.sock");
    let listener = tokio::net::UnixListener::bind(&path).unwrap();
    let task = tokio::spawn(async move {
        let (mut line, _) = listener.accept().await.unwrap();
        receive(&mut line).await;
        line.write_all(b"stream: OK\0").await.unwrap();
    });
    let address = ClamdAddress::parse(&format!("unix:{}", path.display())).unwrap();
    assert_eq!(Clamd::new(address, LONG).scan(b"a file").await.unwrap(), Verdict::Clean);
    task.await.unwrap();
}

#[test]
fn an_address_is_a_host_and_a_port_or_a_path() {
    for good in ["127.0.0.1:3310", "clamd:3310", "clamav.shop.internal:1", "[::1]:3310"] {
        assert_eq!(ClamdAddress::parse(good), Ok(ClamdAddress::Tcp(good.to_owned())));
    }
    for bad in [
        "",
        "clamd",
        "clamd:",
        ":3310",
        "clamd:0",
        "clamd:70000",
        "::1:3310",
        "[clamd]:1",
        "a b:1",
        "http://x:1",
    ] {
        assert_eq!(ClamdAddress::parse(bad), Err(InvalidClamd), "{bad}");
    }
    for bad in ["unix:", "unix:clamd.sock", "unix:./x"] {
        assert_eq!(ClamdAddress::parse(bad), Err(InvalidClamd), "{bad}");
    }
}

proptest! {
    #[test]
    fn only_one_answer_is_clean(heard in prop::collection::vec(any::<u8>(), 0..60)) {
        prop_assert_ne!(verdict(&heard), Some(Verdict::Clean));
        prop_assert!(visible(&heard).bytes().all(|b| b == b' ' || b.is_ascii_graphic()));
    }
}
