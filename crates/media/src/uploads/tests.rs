//! What the taking in of files promises.

use super::*;
use crate::{ClamdAddress, picture::MAX_SIDE};
use futures_util::stream;
use std::{
    convert::Infallible,
    io,
    sync::atomic::{AtomicUsize, Ordering},
    task::Poll,
    time::Duration,
};
use stoa_domain::media::MediaType;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

const FILE: &[u8] = include_bytes!("../../tests/files/plain.jpg");

fn limits() -> UploadLimits {
    UploadLimits { max_bytes: 2_000, max_pixels: 1_000, at_once: 1, waiting: 2, ..UploadLimits::default() }
}

fn uploads() -> Uploads {
    Uploads::new(limits(), None).unwrap()
}

/// In small pieces, as a slow line brings it.
fn in_pieces(file: &'static [u8]) -> impl Stream<Item = Result<Bytes, Infallible>> + Send + Unpin {
    stream::iter(file.chunks(100).map(|piece| Ok(Bytes::from_static(piece))))
}

fn refused(result: Result<Picture, UploadError>) -> Refusal {
    match result {
        Err(UploadError::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

async fn begin<F: Future + Unpin>(future: &mut F) -> Poll<F::Output> {
    std::future::poll_fn(|cx| Poll::Ready(std::pin::Pin::new(&mut *future).poll(cx))).await
}

#[tokio::test]
async fn a_file_becomes_a_picture_of_our_own() {
    let picture = uploads().take(in_pieces(FILE)).await.unwrap();
    assert_eq!((picture.kind, picture.size), (MediaType::Jpeg, (24, 16)));
    assert_ne!(picture.body, FILE);
    assert_eq!(uploads().take(in_pieces(FILE)).await.unwrap(), picture, "and the same again");
}

#[tokio::test]
async fn a_file_is_read_to_the_first_byte_too_many() {
    let limits = UploadLimits { max_bytes: 1_000, ..limits() };
    let uploads = Uploads::new(limits, None).unwrap();
    let read = AtomicUsize::new(0);
    let endless = stream::repeat_with(|| {
        read.fetch_add(1, Ordering::Relaxed);
        Ok::<_, Infallible>(Bytes::from_static(&[0xFF; 100]))
    });
    assert_eq!(refused(uploads.take(endless).await), Refusal::TooLarge { max_bytes: 1_000 });
    assert_eq!(read.load(Ordering::Relaxed), 11);

    let fits = Uploads::new(UploadLimits { max_bytes: FILE.len(), ..self::limits() }, None).unwrap();
    assert!(fits.take(in_pieces(FILE)).await.is_ok());
    let one_less = Uploads::new(UploadLimits { max_bytes: FILE.len() - 1, ..self::limits() }, None).unwrap();
    assert_eq!(
        refused(one_less.take(in_pieces(FILE)).await),
        Refusal::TooLarge { max_bytes: FILE.len() - 1 }
    );
}

#[tokio::test]
async fn nothing_half_and_late_are_told_apart() {
    assert_eq!(refused(uploads().take(in_pieces(b"")).await), Refusal::Empty);
    assert_eq!(refused(uploads().take(in_pieces(b"<svg/>")).await), Refusal::UnknownType);
    assert_eq!(refused(uploads().take(in_pieces(&FILE[..500])).await), Refusal::Unreadable);

    let cut = in_pieces(&FILE[..500]).map(Result::<_, Infallible>::unwrap).map(Ok::<_, io::Error>);
    let cut = cut.chain(stream::iter([Err(io::ErrorKind::ConnectionReset.into())]));
    assert!(matches!(uploads().take(cut).await, Err(UploadError::Cut(_))));

    let read_within = Duration::from_millis(20);
    let patient = Uploads::new(UploadLimits { read_within, ..limits() }, None).unwrap();
    let stuck = in_pieces(&FILE[..500]).chain(stream::pending());
    assert_eq!(refused(patient.take(stuck).await), Refusal::TooSlow { read_within });
    assert_eq!(patient.inside.available_permits(), 3, "all of them have left the line");
}

use futures_util::StreamExt;

#[tokio::test]
async fn more_than_may_wait_are_told_so_before_a_byte_is_read() {
    let uploads = uploads();
    let turn = uploads.at_work.clone().acquire_owned().await.unwrap();
    let mut waiting: Vec<_> = (0..3).map(|_| Box::pin(uploads.take(in_pieces(FILE)))).collect();
    for one in &mut waiting {
        assert!(begin(one).await.is_pending());
    }
    let unread = stream::poll_fn(|_| -> Poll<Option<Result<Bytes, Infallible>>> { panic!("it was read") });
    assert!(matches!(uploads.take(unread).await, Err(UploadError::Busy)));

    drop(waiting.pop());
    let mut late = Box::pin(uploads.take(in_pieces(FILE)));
    assert!(begin(&mut late).await.is_pending(), "whoever gives up leaves room for another");

    drop(turn);
    for one in waiting {
        assert!(one.await.is_ok());
    }
    assert!(late.await.is_ok());
    assert!(uploads.take(in_pieces(FILE)).await.is_ok(), "and everybody has left");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_flood_is_taken_in_one_after_another_or_told_to_come_back() {
    let uploads = Arc::new(uploads());
    let (taken, busy) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let tasks: Vec<_> = (0..40)
        .map(|_| {
            let (uploads, taken, busy) = (uploads.clone(), taken.clone(), busy.clone());
            tokio::spawn(async move {
                match uploads.take(in_pieces(FILE)).await {
                    Ok(_) => taken.fetch_add(1, Ordering::Relaxed),
                    Err(UploadError::Busy) => busy.fetch_add(1, Ordering::Relaxed),
                    Err(other) => panic!("{other}"),
                };
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    let (taken, busy) = (taken.load(Ordering::Relaxed), busy.load(Ordering::Relaxed));
    assert_eq!(taken + busy, 40);
    assert!(taken >= 3, "{taken}");
    assert_eq!((uploads.inside.available_permits(), uploads.at_work.available_permits()), (3, 1));
}

#[tokio::test]
async fn whoever_gives_up_while_it_is_at_work_keeps_the_place_until_it_is_done() {
    let uploads = uploads();
    // On a busy machine the thread may be done before we look: then once more.
    let mut taking = Box::pin(uploads.take(in_pieces(FILE)));
    while begin(&mut taking).await.is_ready() {
        taking = Box::pin(uploads.take(in_pieces(FILE)));
    }
    drop(taking);
    // The turn comes back when the work is over, and not before; without that this would wait for ever.
    drop(uploads.at_work.acquire().await.unwrap());
    while uploads.inside.available_permits() < 3 {
        tokio::task::yield_now().await;
    }
}

/// A scanner that says this of every file, and how many it was asked about.
async fn scanner(says: &'static [u8]) -> (Clamd, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = ClamdAddress::parse(&listener.local_addr().unwrap().to_string()).unwrap();
    let asked = Arc::new(AtomicUsize::new(0));
    let counting = asked.clone();
    tokio::spawn(async move {
        while let Ok((mut line, _)) = listener.accept().await {
            counting.fetch_add(1, Ordering::Relaxed);
            let mut heard = Vec::new();
            while !heard.ends_with(&[0; 4]) && line.read_buf(&mut heard).await.is_ok_and(|n| n > 0) {}
            let _ = line.write_all(says).await;
        }
    });
    (Clamd::new(address, Duration::from_secs(30)), asked)
}

#[tokio::test]
async fn only_what_the_scanner_finds_clean_is_taken() {
    let (clean, asked) = scanner(b"stream: OK\0").await;
    let uploads = Uploads::new(limits(), Some(clean)).unwrap();
    assert!(uploads.take(in_pieces(FILE)).await.is_ok());
    assert_eq!(asked.load(Ordering::Relaxed), 1);
    assert_eq!(refused(uploads.take(in_pieces(b"<svg/>")).await), Refusal::UnknownType);
    assert_eq!(asked.load(Ordering::Relaxed), 1, "not asked about what is refused anyway");

    for (says, refusal) in [
        (b"stream: Eicar FOUND\0".as_slice(), Refusal::Infected { signature: "Eicar".to_owned() }),
        (b"INSTREAM size limit exceeded. ERROR\0", Refusal::TooLargeToScan),
    ] {
        let uploads = Uploads::new(limits(), Some(scanner(says).await.0)).unwrap();
        assert_eq!(refused(uploads.take(in_pieces(FILE)).await), refusal);
        // It is asked before the file is decoded.
        assert_eq!(refused(uploads.take(in_pieces(&FILE[..500])).await), refusal);
    }
    for says in [b"".as_slice(), b"stream: OK", b"what?\0"] {
        let uploads = Uploads::new(limits(), Some(scanner(says).await.0)).unwrap();
        assert!(matches!(uploads.take(in_pieces(FILE)).await, Err(UploadError::Fault(_))));
        assert_eq!(uploads.inside.available_permits(), 3);
    }
}

#[test]
fn limits_that_make_no_sense_are_named() {
    assert!(UploadLimits::default().check().is_ok());
    let most = UploadLimits::MOST_PIXELS;
    assert_eq!(most, u64::from(MAX_SIDE) * u64::from(MAX_SIDE));
    for (bad, field) in [
        (UploadLimits { max_bytes: 0, ..limits() }, "max_bytes"),
        (UploadLimits { max_bytes: UploadLimits::MOST_BYTES + 1, ..limits() }, "max_bytes"),
        (UploadLimits { max_pixels: 0, ..limits() }, "max_pixels"),
        (UploadLimits { max_pixels: most + 1, ..limits() }, "max_pixels"),
        (UploadLimits { at_once: 0, ..limits() }, "at_once"),
        (UploadLimits { read_within: Duration::ZERO, ..limits() }, "read_within"),
    ] {
        assert_eq!(Uploads::new(bad, None).unwrap_err().field, field);
    }
}
