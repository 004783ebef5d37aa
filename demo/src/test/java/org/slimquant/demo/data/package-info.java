@NullMarked
package org.slimquant.demo.data;

import org.jspecify.annotations.NullMarked;
