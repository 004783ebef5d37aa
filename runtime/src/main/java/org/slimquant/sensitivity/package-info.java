/** . */
@NullMarked
package org.slimquant.sensitivity;

import org.jspecify.annotations.NullMarked;
