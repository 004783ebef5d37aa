@NullMarked
package org.slimquant.deploy.compile.refusals;

import org.jspecify.annotations.NullMarked;
