/** . */
@NullMarked
package org.slimquant.calibration;

import org.jspecify.annotations.NullMarked;
