/** . */
@NullMarked
package org.slimquant.runtime.fakequant;

import org.jspecify.annotations.NullMarked;
