/** Tests of the C that integer models become. */
@NullMarked
package org.slimquant.deploy.c;

import org.jspecify.annotations.NullMarked;
