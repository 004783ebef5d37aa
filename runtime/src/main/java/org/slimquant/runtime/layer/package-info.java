/** . */
@NullMarked
package org.slimquant.runtime.layer;

import org.jspecify.annotations.NullMarked;
