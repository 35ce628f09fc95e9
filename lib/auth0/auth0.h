/*
 * Auth0's Management API: operations to requests, answers to the model. Pure.
 *
 * Facts come from the published OpenAPI document, from SDK and tool sources
 * and from recorded traffic; where they differ the recordings decide.
 */
#ifndef TN_AUTH0_AUTH0_H
#define TN_AUTH0_AUTH0_H

#include "model/provider.h"

extern const struct tn_provider tn_auth0_provider;

#endif
