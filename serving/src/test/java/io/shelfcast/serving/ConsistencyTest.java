package io.shelfcast.serving;
