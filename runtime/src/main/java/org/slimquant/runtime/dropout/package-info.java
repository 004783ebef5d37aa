/** . */
@NullMarked
package org.slimquant.runtime.dropout;

import org.jspecify.annotations.NullMarked;
