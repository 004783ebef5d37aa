@NullMarked
package org.slimquant.examples.first;

import org.jspecify.annotations.NullMarked;
