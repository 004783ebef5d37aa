@NullMarked
package org.slimquant.examples;

import org.jspecify.annotations.NullMarked;
