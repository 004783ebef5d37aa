/** . */
@NullMarked
package org.slimquant.runtime.gradient;

import org.jspecify.annotations.NullMarked;
