@NullMarked
package org.slimquant.examples.training;

import org.jspecify.annotations.NullMarked;
