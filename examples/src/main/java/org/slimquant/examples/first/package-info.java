/** The program of {@code docs/first-model.md}: a first model, from floats to integers. */
@NullMarked
package org.slimquant.examples.first;

import org.jspecify.annotations.NullMarked;
