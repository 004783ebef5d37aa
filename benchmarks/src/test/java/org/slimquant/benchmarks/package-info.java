@NullMarked
package org.slimquant.benchmarks;

import org.jspecify.annotations.NullMarked;
