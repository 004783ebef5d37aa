@NullMarked
package org.slimquant.demo.measures;

import org.jspecify.annotations.NullMarked;
