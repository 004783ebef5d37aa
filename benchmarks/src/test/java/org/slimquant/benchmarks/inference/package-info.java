@NullMarked
package org.slimquant.benchmarks.inference;

import org.jspecify.annotations.NullMarked;
