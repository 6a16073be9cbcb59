void chrome.devtools.panels.create('tabscribe', 'icons/32.png', 'panel.html')
