//! The HTTP side of the mock: connections in, recorded requests, answers played out.

use super::{Received, Reply, Shared, lock};
use crate::client::pairs;
use crate::frames::Frames;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use std::convert::Infallible;
use std::sync::Arc;
use tokio::net::TcpListener;

pub(super) async fn serve(listener: TcpListener, state: Shared) {
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        let _ = stream.set_nodelay(true);
        let state = Arc::clone(&state);
        tokio::spawn(async move {
            let service = service_fn(move |request| answer(request, Arc::clone(&state)));
            // Told apart by the HTTP/2 preface. An error is a peer that went away.
            let _ = auto::Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

async fn answer(request: Request<Incoming>, state: Shared) -> Result<Response<Frames>, Infallible> {
    let received = receive(request).await;
    let (scripted, number) = {
        let mut state = lock(&state);
        state.received.push(received.clone());
        state.answered += 1;
        (state.scripted.pop_front(), state.answered)
    };
    let reply = scripted.unwrap_or_else(|| super::answer(&received, number));
    Ok(play(reply, move || lock(&state).abandoned += 1))
}

async fn receive(request: Request<Incoming>) -> Received {
    let (head, mut body) = request.into_parts();
    let path = head.uri.path_and_query().map_or_else(|| head.uri.to_string(), ToString::to_string);
    let mut received = Received {
        method: head.method.to_string(),
        path,
        version: format!("{:?}", head.version),
        headers: pairs(&head.headers),
        body: Vec::new(),
        trailers: Vec::new(),
        complete: true,
    };
    if let Some(authority) = head.uri.authority() {
        received.headers.insert(0, (":authority".into(), authority.as_str().into()));
    }
    while let Some(frame) = body.frame().await {
        match frame.map(hyper::body::Frame::into_data) {
            Ok(Ok(data)) => received.body.extend_from_slice(&data),
            Ok(Err(other)) => {
                if let Ok(trailers) = other.into_trailers() {
                    received.trailers = pairs(&trailers);
                }
            }
            Err(_) => {
                received.complete = false;
                break;
            }
        }
    }
    received
}

fn play(reply: Reply, abandoned: impl FnOnce() + Send + 'static) -> Response<Frames> {
    let mut response = Response::new(Frames::new(reply.body).or_else(abandoned));
    *response.status_mut() = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in &reply.headers {
        use hyper::header::{HeaderName, HeaderValue};
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::from_bytes(value)) {
            response.headers_mut().append(name, value);
        }
    }
    response
}
