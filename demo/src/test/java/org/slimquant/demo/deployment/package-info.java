@NullMarked
package org.slimquant.examples.deployment;

import org.jspecify.annotations.NullMarked;
