/*
 * The form in which a tenant is kept between runs, for save.c and load.c: an object that
 * says its version under TN_SIM_SAVED.
 */
#ifndef TN_SIM_SAVE_H
#define TN_SIM_SAVE_H

#define TN_SIM_SAVED         "tenon_sim"
#define TN_SIM_SAVED_VERSION 1

#endif
