@NullMarked
package org.slimquant.runtime;

import org.jspecify.annotations.NullMarked;
