@NullMarked
package org.slimquant.deploy.compile.pass;

import org.jspecify.annotations.NullMarked;
