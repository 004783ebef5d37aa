/** From a trained graph to an integer model. */
@NullMarked
package org.slimquant.deploy;

import org.jspecify.annotations.NullMarked;
