/* SPDX-License-Identifier: Apache-2.0 */
/* The receipt as a QR code, so that another device can keep it; drawn as one SVG path, no image and no request. */
#ifndef QT_INTAKE_QR_H
#define QT_INTAKE_QR_H

/* The path of a code of that text, one unit a module, and the number of modules a side. Gives; NULL when it cannot be made. */
char *qr_path(const char *text, int *side);

#endif
