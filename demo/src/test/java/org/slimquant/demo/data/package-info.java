@NullMarked
package org.slimquant.examples.data;

import org.jspecify.annotations.NullMarked;
