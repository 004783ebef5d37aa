@NullMarked
package org.slimquant.model;

import org.jspecify.annotations.NullMarked;
