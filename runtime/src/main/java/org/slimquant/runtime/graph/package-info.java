/** . */
@NullMarked
package org.slimquant.runtime.graph;

import org.jspecify.annotations.NullMarked;
