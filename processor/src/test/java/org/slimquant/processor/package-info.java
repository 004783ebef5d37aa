@NullMarked
package org.slimquant.processor;

import org.jspecify.annotations.NullMarked;
