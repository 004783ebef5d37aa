@NullMarked
package org.slimquant.runtime.normalization;

import org.jspecify.annotations.NullMarked;
