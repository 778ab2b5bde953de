//! An address whose answers change while it is served: those of a first start, then those of an office.

use std::convert::Infallible;
use std::sync::{Arc, PoisonError, RwLock};

use axum::Router;
use axum::extract::Request;
use tower::{ServiceExt as _, service_fn};

/// Answers by one router, then by another one.
#[derive(Debug, Clone)]
pub(super) struct Switch(Arc<RwLock<Router>>);

impl Switch {
    /// Begins with a router.
    pub fn new(first: Router) -> Self {
        Self(Arc::new(RwLock::new(first)))
    }

    /// Answers later requests by another router.
    pub fn set(&self, next: Router) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = next;
    }

    /// Returns what is served.
    pub fn router(&self) -> Router {
        let this = self.clone();
        Router::new().fallback_service(service_fn(move |request: Request| {
            let router = this.0.read().unwrap_or_else(PoisonError::into_inner).clone();
            async move {
                let Ok(response) = router.oneshot(request).await;
                Ok::<_, Infallible>(response)
            }
        }))
    }
}
