/* Run only by browsers too old for modules (nomodule): plain ES3, says what to do. */
document.getElementById('boot').innerHTML =
  '<p>浏览器版本过旧，请更新浏览器后再打开本页。</p>' +
  '<p lang="en">This browser is too old. Please update it and open this page again.</p>';
