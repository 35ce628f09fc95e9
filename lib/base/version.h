/* The version of tenon and tenon-sim, as they and the User-Agent say it. */
#ifndef TN_BASE_VERSION_H
#define TN_BASE_VERSION_H

#define TN_VERSION "0.1.0"

#endif
