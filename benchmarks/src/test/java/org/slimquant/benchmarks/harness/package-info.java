@NullMarked
package org.slimquant.benchmarks.harness;

import org.jspecify.annotations.NullMarked;
