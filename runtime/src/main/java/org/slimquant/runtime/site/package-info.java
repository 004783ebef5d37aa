/** . */
@NullMarked
package org.slimquant.runtime.site;

import org.jspecify.annotations.NullMarked;
