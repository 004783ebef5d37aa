@NullMarked
package org.slimquant.deploy;

import org.jspecify.annotations.NullMarked;
