@NullMarked
package org.slimquant.examples.measures;

import org.jspecify.annotations.NullMarked;
