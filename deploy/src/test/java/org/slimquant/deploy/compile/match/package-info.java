@NullMarked
package org.slimquant.deploy.compile.match;

import org.jspecify.annotations.NullMarked;
