@NullMarked
package org.slimquant.demo;

import org.jspecify.annotations.NullMarked;
