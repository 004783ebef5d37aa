@NullMarked
package org.slimquant.demo.deployment;

import org.jspecify.annotations.NullMarked;
