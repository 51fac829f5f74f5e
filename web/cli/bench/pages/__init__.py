"""How fast pages are with few and with very many tickets."""
