@NullMarked
package org.slimquant.engine;

import org.jspecify.annotations.NullMarked;
