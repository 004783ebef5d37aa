@NullMarked
package org.slimquant.demo.training;

import org.jspecify.annotations.NullMarked;
